import { useState } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { PasswordOwner } from '../../../../../domain/accounts/password.ts';
import { PasswordInput } from '../../../form/password-input.tsx';
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
  const [isLeft, setIsLeft] = useState(false);
  const leave: typeof field.onBlur = (event) => {
    setIsLeft(true);
    return field.onBlur(event);
  };
  return (
    <>
      <PasswordInput
        field={{ ...field, onBlur: leave }}
        label={label}
        error={error}
        autoComplete="new-password"
        aria-describedby="password-rules"
      />
      <PasswordRules
        id="password-rules"
        password={password}
        owner={owner}
        isJudged={isLeft || error !== undefined}
      />
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
