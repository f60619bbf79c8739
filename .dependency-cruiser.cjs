// What may import what (docs/decisions/0002-layers.md and 0032-layers-outside-subjects-inside.md).
// A layer that is not in a layer's list is closed to it.
const layers = {
  domain: [],
  workflows: ['domain', 'activities'],
  store: ['domain'],
  activities: ['domain', 'store'],
  api: ['domain', 'store', 'workflows'],
  portal: ['domain', 'api/schemas'],
  // settings start from the default policy
  runtime: ['domain'],
  worker: ['domain', 'store', 'activities', 'workflows', 'runtime'],
  standalone: ['domain', 'store', 'runtime', 'worker', 'api', 'activities', 'workflows'],
  // what they build, and what they take pictures of
  scripts: ['domain', 'store', 'activities', 'worker', 'runtime', 'standalone'],
  // what they measure, and what starts it
  bench: ['domain', 'store', 'activities', 'runtime', 'standalone', 'worker', 'workflows'],
};
// Tests may import every layer; no layer may import them.
const everything = [...Object.keys(layers), 'tests'];
// These put a process together and pass its parts in, so they may import every layer.
const compositionRoots = '^(api|worker)/main\\.ts$';

// Inside the store, a subject may import those of earlier rows only. `base` is the files beside the folders.
const storeRows = [
  ['database'],
  ['base'],
  ['encryption'],
  ['accounts', 'feeds'],
  ['notifications'],
  ['matching'],
  ['agents'],
  ['onboarding'],
  ['referrals'],
  ['ops'],
];
const storeExceptions = [
  {
    reason: 'the load of a mapping that has changed wakes the onboardings that the mapping concerns',
    from: '^store/database/reference/load\\.ts$',
    to: '^store/(feeds/lines-of-authority|outbox)\\.ts$',
  },
  {
    reason:
      'a delivery report ends the invitation of the message, or wakes the referral of its offer, in one transaction',
    from: '^store/notifications/delivery-reports\\.ts$',
    to: '^store/(onboarding/(onboardings|returned-mail)|referrals/offers/offers)\\.ts$',
  },
];

// Who may import a library of SQL, its types included (docs/architecture.md, rule 16).
// Tests, benchmarks and the tool that draws the schema look at rows from outside.
const outsideTheRule = ['^(tests|bench)/', '^scripts/(generate-schema|schema-sql/catalog)\\.ts$'];
const sqlLibraries = [
  { name: 'kysely', library: 'kysely', users: ['^store/', '^runtime/'] },
  {
    name: 'pg',
    library: 'pg(-copy-streams)?',
    users: [
      '^store/(database|feeds)/',
      '^runtime/',
      // a connection of its own that listens
      '^standalone/demo/demo-log\\.ts$',
      // creates the database
      '^standalone/services/embedded-postgres\\.ts$',
    ],
  },
];

const inAny = (folders) => `^(${folders.join('|')})/`;
const inStore = (subject) => (subject === 'base' ? '^store/[^/]+$' : `^store/${subject}/`);

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: compositionRoots },
  to: {
    path: inAny(everything),
    pathNot: [`^${layer}/`, ...allowed.map((other) => `^${other}/`)],
  },
}));

const storeRules = storeRows.flatMap((row, index) =>
  row.map((subject) => ({
    name: `store-${subject}-imports-only-what-is-below-it`,
    severity: 'error',
    from: { path: inStore(subject), pathNot: storeExceptions.map(({ from }) => from) },
    to: {
      path: '^store/',
      pathNot: [inStore(subject), ...storeRows.slice(0, index).flat().map(inStore)],
    },
  })),
);

const exceptionRules = storeExceptions.map(({ reason, from, to }) => {
  const subject = from.split('/')[1];
  const index = storeRows.findIndex((row) => row.includes(subject));
  return {
    name: `store-${subject}-with-an-exception`,
    comment: `the exception: ${reason}`,
    severity: 'error',
    from: { path: from },
    to: {
      path: '^store/',
      pathNot: [inStore(subject), ...storeRows.slice(0, index).flat().map(inStore), to],
    },
  };
});

const sqlRules = sqlLibraries.map(({ name, library, users }) => ({
  name: `${name}-only-where-sql-is-spoken`,
  severity: 'error',
  from: { pathNot: [...users, ...outsideTheRule] },
  to: { path: `node_modules/${library}/` },
}));

module.exports = {
  forbidden: [
    ...sqlRules,
    ...layerRules,
    ...storeRules,
    ...exceptionRules,
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'the portal and the workflow bundle use it: no I/O, no Node; failures.ts alone speaks Temporal',
      severity: 'error',
      from: { path: '^domain/', pathNot: '^domain/failures\\.ts$' },
      to: { path: '(@temporalio|node_modules/(zod|pg|kysely|express))', dependencyTypesNot: ['core'] },
    },
    {
      name: 'domain-without-node',
      severity: 'error',
      from: { path: '^(domain|workflows)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-api-never-runs-an-activity',
      severity: 'error',
      from: { path: '^api/', pathNot: compositionRoots },
      to: { path: '^(activities|worker|runtime|standalone)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|tests/histories)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
