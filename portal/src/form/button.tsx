import { Button as PlainButton } from '@cmsgov/design-system';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';

export type ButtonProps = UnstyledButtonProps & { variation?: 'solid' | 'ghost'; size?: 'small' | 'big' };

export type UnstyledButtonProps = Pick<
  ComponentProps<'button'>,
  | 'type'
  | 'id'
  | 'lang'
  | 'className'
  | 'role'
  | 'onClick'
  | 'aria-checked'
  | 'aria-controls'
  | 'aria-describedby'
  | 'aria-expanded'
  | 'aria-label'
> & {
  children: ReactNode;
  /** Its action is under way, so that a click does nothing. The button keeps the focus, which a disabled one loses. */
  isBusy?: boolean;
};

/** Button of every page. While busy it stays focusable, says so to a screen reader, and neither acts nor submits. */
export function Button({ isBusy = false, onClick, children, ...others }: ButtonProps) {
  return (
    <PlainButton {...others} aria-disabled={isBusy || undefined} onClick={unlessBusy(isBusy, onClick)}>
      {children}
    </PlainButton>
  );
}

/** The same for a button that looks like something else: a link or a switch. */
export function UnstyledButton({ isBusy = false, onClick, ...others }: UnstyledButtonProps) {
  return (
    <button
      type="button"
      {...others}
      aria-disabled={isBusy || undefined}
      onClick={unlessBusy(isBusy, onClick)}
    />
  );
}

/** Without its default action either: Enter in a field of a form clicks the form's button, which would submit. */
function unlessBusy(isBusy: boolean, onClick: UnstyledButtonProps['onClick']) {
  return (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy) event.preventDefault();
    else onClick?.(event);
  };
}
