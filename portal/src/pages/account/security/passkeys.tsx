import { Alert } from '@cmsgov/design-system';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Passkey, passkeyNameBody } from '../../../../../api/schemas/accounts/passkeys.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { ceremonyFaultOf, createPasskey } from '../../../passkeys/ceremonies.ts';
import { usePortal, useText } from '../../../portal-context.tsx';
import { PasskeyTable } from './passkey-table.tsx';
import { useFactorsChanged } from './use-factors-changed.ts';

/** Section with the account's passkeys, to add, name and remove. */
export function Passkeys() {
  const { calls } = usePortal();
  const text = useText().words.security.passkeys;
  const own = useQuery({ queryKey: keys.passkeys, queryFn: calls.passkeys });
  const [renamed, setRenamed] = useState<Passkey>();
  const changed = useFactorsChanged();
  const remove = useMutation({ mutationFn: calls.removePasskey, onSuccess: changed });
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>{text.what}</p>
      {remove.error && <ProblemAlert error={remove.error} />}
      <Loaded query={own}>
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <p>{text.none}</p>
          ) : (
            <PasskeyTable
              of={passkeys}
              isBusy={remove.isPending}
              onRename={setRenamed}
              onRemove={({ id }) => remove.mutate(id)}
            />
          )
        }
      </Loaded>
      <Status>{remove.isSuccess ? text.wasRemoved : ''}</Status>
      {renamed ? (
        <Rename key={renamed.id} passkey={renamed} onDone={() => setRenamed(undefined)} />
      ) : (
        <NewPasskey />
      )}
    </section>
  );
}

function NewPasskey() {
  const { calls } = usePortal();
  const text = useText().words.security.passkeys;
  const changed = useFactorsChanged();
  const { form, textOf, submit } = useApiForm({
    schema: passkeyNameBody,
    defaults: { name: '' },
    draft: { kept: 'passkey' },
    toBody: ({ name }) => ({ name: name.trim() || undefined }),
    words: { name: text.newName },
  });
  const add = useMutation({
    mutationFn: (name: string) => createPasskey(calls, name),
    onSuccess: () => {
      form.reset();
      return changed();
    },
  });
  if (!browserSupportsWebAuthn()) return <p>{text.unsupported}</p>;
  const fault = add.error ? ceremonyFaultOf(add.error) : undefined;
  return (
    <form noValidate onSubmit={(event) => void submit(({ name }) => add.mutate(name))(event)}>
      {add.error && !fault && <ProblemAlert error={add.error} />}
      {fault && (
        <Alert variation="warn">
          <p className="ds-u-margin--0">{text[fault]}</p>
        </Alert>
      )}
      <TextInput
        field={form.register('name')}
        label={text.newName.label}
        error={textOf('name')}
        maxLength={60}
      />
      <Status>{add.isSuccess ? text.wasAdded : ''}</Status>
      <div className="hod-buttons">
        <Button type="submit" variation="solid" isBusy={add.isPending}>
          {add.isPending ? text.adding : text.add}
        </Button>
      </div>
    </form>
  );
}

function Rename({ passkey: { id, name: before }, onDone }: { passkey: Passkey; onDone: () => void }) {
  const { calls } = usePortal();
  const text = useText().words.security.passkeys;
  const changed = useFactorsChanged();
  const { form, textOf, submit } = useApiForm({
    schema: passkeyNameBody,
    defaults: { name: before },
    draft: { kept: `passkey-${id}` },
    toBody: ({ name }) => ({ name: name.trim() || undefined }),
    words: { name: text.newName },
  });
  const rename = useMutation({
    mutationFn: (name: string) => calls.namePasskey(id, { name }),
    onSuccess: async () => {
      await changed();
      onDone();
    },
  });
  return (
    <form noValidate onSubmit={(event) => void submit(({ name }) => rename.mutate(name))(event)}>
      {rename.error && <ProblemAlert error={rename.error} />}
      <TextInput
        field={form.register('name')}
        label={text.newName.label}
        error={textOf('name')}
        maxLength={60}
      />
      <div className="hod-buttons">
        <Button type="submit" variation="solid" isBusy={rename.isPending}>
          {text.save}
        </Button>
        <Button onClick={onDone}>{text.cancel}</Button>
      </div>
    </form>
  );
}
