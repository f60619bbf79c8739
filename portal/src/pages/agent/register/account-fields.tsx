import type { UseFormRegisterReturn } from 'react-hook-form';
import type { PasswordOwner } from '../../../../../domain/accounts/password.ts';
import { TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import { NewPasswordField } from './new-password-field.tsx';

export interface AccountFieldsProps {
  register: (name: 'username' | 'password') => UseFormRegisterReturn;
  textOf: (field: string) => string | undefined;
  /** Current input. */
  password: string;
  owner: PasswordOwner;
}

/** Fields for username and password. */
export function AccountFields({ register, textOf, password, owner }: AccountFieldsProps) {
  const text = useText().words.register;
  return (
    <>
      <TextInput
        field={register('username')}
        label={text.username.label}
        hint={text.username.hint}
        error={textOf('username')}
        autoComplete="username"
      />
      <NewPasswordField
        field={register('password')}
        label={text.password.label}
        error={textOf('password')}
        password={password}
        owner={owner}
      />
    </>
  );
}
