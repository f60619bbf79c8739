import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { usePortal } from '../portal-context.tsx';

const PasswordQuestion = lazy(async () => ({
  default: (await import('./access/password-question.tsx')).PasswordQuestion,
}));

/** Asks for the password when a call needs it, above whatever page made the call. */
export function ConfirmationDialog() {
  const { confirmation } = usePortal();
  const isAsked = useSyncExternalStore(confirmation.subscribe, confirmation.isAsked);
  // what waits for an answer is refused when the session ends meanwhile
  useEffect(() => () => confirmation.answer(false), [confirmation]);
  return <Suspense>{isAsked && <PasswordQuestion />}</Suspense>;
}
