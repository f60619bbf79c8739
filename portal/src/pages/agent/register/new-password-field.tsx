import { Choice } from '@cmsgov/design-system';
import { useState } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { PasswordOwner } from '../../../../../domain/accounts/password.ts';
import { TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import { PasswordRules } from './password-rules.tsx';

export interface NewPasswordFieldProps {
  field: UseFormRegisterReturn;
  label: string;
  error?: string;
  /** Current input. */
  password: string;
  owner: PasswordOwner;
}

/** Field for a new password, which can be shown and pasted, with the password rules (docs/guide.md, note on passwords). */
export function NewPasswordField({ field, label, error, password, owner }: NewPasswordFieldProps) {
  const text = useText().words.register;
  const [showsPassword, setShowsPassword] = useState(false);
  return (
    <>
      <TextInput
        field={field}
        label={label}
        error={error}
        type={showsPassword ? 'text' : 'password'}
        autoComplete="new-password"
        aria-describedby="password-rules"
      />
      <Choice
        type="checkbox"
        size="small"
        name="show-password"
        value="yes"
        label={text.password.show}
        checked={showsPassword}
        onChange={() => setShowsPassword(!showsPassword)}
      />
      <PasswordRules id="password-rules" password={password} owner={owner} />
    </>
  );
}

/** The username to a new password, hidden: password managers save the two together. */
export function UsernameForManagers({ username }: { username: string }) {
  const { label } = useText().words.register.username;
  return (
    <input
      type="text"
      name="username"
      autoComplete="username"
      aria-label={label}
      value={username}
      readOnly
      hidden
    />
  );
}
