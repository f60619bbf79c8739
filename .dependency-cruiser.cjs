// Which room may know which (docs/decisions/0002-layers.md). A room that is not listed is closed to it.
const rooms = {
  domain: [],
  workflows: ['domain', 'activities'],
  store: ['domain'],
  activities: ['domain', 'store'],
  api: ['domain', 'store', 'workflows'],
  portal: ['domain', 'api/schemas'],
  runtime: [],
  worker: ['domain', 'store', 'activities', 'workflows', 'runtime'],
  standalone: ['domain', 'store', 'runtime', 'worker', 'api', 'activities', 'workflows'],
};
// These put a process together and pass its parts in, so they may know all of them.
const compositionRoots = '^(api|worker)/main\\.ts$';
const ours = Object.keys(rooms);
const path = (list) => `^(${list.join('|')})/`;

module.exports = {
  forbidden: [
    ...ours.map((room) => ({
      name: `${room}-knows-only-${rooms[room].join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${room}/`, pathNot: compositionRoots },
      to: {
        path: path(ours),
        pathNot: [`^${room}/`, ...rooms[room].map((other) => `^${other}/`)],
      },
    })),
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
      name: 'the-api-never-runs-a-deed',
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
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
