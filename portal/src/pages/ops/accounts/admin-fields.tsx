import { ChoiceList, TextField } from '@cmsgov/design-system';
import type { ReactNode } from 'react';
import { feedKeyRotation, newFeedKey } from '../../../../../api/schemas/accounts/feed-keys.ts';
import { newOpsAccount, roleChange } from '../../../../../api/schemas/accounts/ops-accounts.ts';
import { opsRoles } from '../../../../../domain/accounts/roles.ts';
import { feedKinds } from '../../../../../domain/onboarding/evidence.ts';
import { useText } from '../../../portal-context.tsx';
import type { EarlierField } from '../reason-dialog.tsx';
import type { AdminDraft, AdminEntries } from './admin-action.ts';

interface FieldsProps {
  entries: AdminEntries;
  change: (changed: Partial<AdminEntries>) => void;
  error: string | undefined;
}

/** The fields of an action above its reason. */
interface Group {
  /** Element that gets the focus if something is missing. */
  id: string;
  /** The API's own rule. */
  isFilled: (entries: AdminEntries) => boolean;
  Fields: (props: FieldsProps) => ReactNode;
}

const groups: Readonly<Partial<Record<AdminDraft['action']['action'], Group>>> = {
  open: {
    id: 'account-username',
    isFilled: ({ username, role, reason }) => newOpsAccount.safeParse({ username, role, reason }).success,
    Fields: AccountFields,
  },
  changeRole: {
    id: `role-${opsRoles[0]}`,
    isFilled: ({ role, reason }) => roleChange.safeParse({ role, reason }).success,
    Fields: RoleField,
  },
  createKey: {
    id: 'key-name',
    isFilled: ({ name, feeds, reason }) => newFeedKey.safeParse({ name, feeds, reason }).success,
    Fields: KeyFields,
  },
  rotateKey: {
    id: 'earlier-hours',
    isFilled: ({ hours, reason }) =>
      hours !== '' && feedKeyRotation.safeParse({ earlierValidHours: Number(hours), reason }).success,
    Fields: HoursField,
  },
};

/** Returns the fields of an action above its reason; undefined if it has none. */
export function fieldsOf(
  { action: { action }, entries }: AdminDraft,
  { change, missing }: Pick<FieldsProps, 'change'> & { missing: string },
): EarlierField | undefined {
  const group = groups[action];
  if (!group) return undefined;
  const { id, isFilled, Fields } = group;
  return {
    id,
    // the reason has a field of its own
    isFilled: isFilled({ ...entries, reason: 'any' }),
    render: (isMissed) => <Fields entries={entries} change={change} error={isMissed ? missing : undefined} />,
  };
}

function AccountFields(props: FieldsProps) {
  const { entries, change, error } = props;
  const text = useText().words.ops.accounts;
  return (
    <>
      <TextField
        id="account-username"
        name="username"
        label={text.list.username}
        hint={text.usernameHint}
        autoComplete="off"
        value={entries.username}
        onChange={({ target }) => change({ username: target.value })}
        errorMessage={error}
      />
      <RoleField {...props} />
    </>
  );
}

function RoleField({ entries, change, error }: FieldsProps) {
  const text = useText().words.ops.accounts;
  return (
    <ChoiceList
      type="radio"
      size="small"
      name="role"
      label={text.list.role}
      errorMessage={error}
      onChange={({ target }) => change({ role: opsRoles.find((role) => role === target.value) })}
      choices={opsRoles.map((role) => ({
        id: `role-${role}`,
        value: role,
        label: text.roles[role].label,
        hint: text.roles[role].hint,
        checked: role === entries.role,
      }))}
    />
  );
}

function KeyFields({ entries: { name, feeds }, change, error }: FieldsProps) {
  const text = useText().words.ops.accounts.keys;
  const toggle = (value: string) =>
    change({ feeds: feedKinds.filter((kind) => (kind === value) !== feeds.includes(kind)) });
  return (
    <>
      <TextField
        id="key-name"
        name="name"
        label={text.name}
        value={name}
        onChange={({ target }) => change({ name: target.value })}
        errorMessage={error}
      />
      <ChoiceList
        type="checkbox"
        size="small"
        name="feeds"
        label={text.feeds}
        errorMessage={error}
        onChange={({ target }) => toggle(target.value)}
        choices={feedKinds.map((kind) => ({
          id: `feed-${kind}`,
          value: kind,
          label: text.feed[kind],
          checked: feeds.includes(kind),
        }))}
      />
    </>
  );
}

function HoursField({ entries, change, error }: FieldsProps) {
  const text = useText().words.ops.accounts.keys;
  return (
    <TextField
      id="earlier-hours"
      name="hours"
      label={text.hours}
      hint={text.hoursHint}
      numeric
      size="small"
      value={entries.hours}
      onChange={({ target }) => change({ hours: target.value })}
      errorMessage={error}
    />
  );
}
