import { type ComponentProps, useEffect, useRef, useState } from 'react';
import { Status } from '../layout/status.tsx';
import { useText } from '../portal-context.tsx';
import { UnstyledButton } from './button.tsx';
import { TextInput } from './fields.tsx';

export type PasswordInputProps = Omit<ComponentProps<typeof TextInput>, 'type' | 'autoComplete'> & {
  autoComplete: 'current-password' | 'new-password';
};

/**
 * Password field with a button that shows what was typed. It is hidden again when its form is sent: a browser may
 * remember what was sent as text.
 */
export function PasswordInput(props: PasswordInputProps) {
  const text = useText().words.passwords.visibility;
  // undefined: as at first, so that nothing is announced
  const [isShown, setIsShown] = useState<boolean>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const form = box.current?.closest('form');
    const hide = () => setIsShown(undefined);
    form?.addEventListener('submit', hide);
    return () => form?.removeEventListener('submit', hide);
  }, []);
  return (
    <div ref={box}>
      <TextInput {...props} type={isShown ? 'text' : 'password'} />
      <UnstyledButton className="hod-link-button hod-show-password" onClick={() => setIsShown(!isShown)}>
        {isShown ? text.hide : text.show}
      </UnstyledButton>
      <Status hidden>{isShown === undefined ? '' : isShown ? text.shown : text.hidden}</Status>
    </div>
  );
}
