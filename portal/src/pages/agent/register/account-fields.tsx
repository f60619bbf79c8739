import { Choice } from '@cmsgov/design-system';
import { useState } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { PasswordOwner } from '../../../../../domain/accounts/password.ts';
import { TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import { PasswordRules } from './password-rules.tsx';

export interface AccountFieldsProps {
  register: (name: 'username' | 'password') => UseFormRegisterReturn;
  textOf: (field: string) => string | undefined;
  /** Current input. */
  password: string;
  owner: PasswordOwner;
}

/** Fields for username and password, with the password rules (docs/guide.md, note on passwords). */
export function AccountFields({ register, textOf, password, owner }: AccountFieldsProps) {
  const text = useText().words.register;
  const [showsPassword, setShowsPassword] = useState(false);
  return (
    <>
      <h2 className="ds-text-heading--lg">{text.account}</h2>
      <TextInput
        field={register('username')}
        label={text.username.label}
        hint={text.username.hint}
        error={textOf('username')}
        autoComplete="username"
      />
      <TextInput
        field={register('password')}
        label={text.password.label}
        error={textOf('password')}
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
