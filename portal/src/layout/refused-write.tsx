import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { useRefusedWrite } from '../api/queries.ts';
import { ProblemAlert } from './problem-alert.tsx';

/** Alert above a page: nothing was sent, because another account is logged in. The form itself is gone. */
export function RefusedWrite() {
  const { pathname } = useLocation();
  return <RefusedOnPage key={pathname} />;
}

/** Dismisses the alert when the user leaves the page. */
function RefusedOnPage() {
  const { problem, dismiss } = useRefusedWrite();
  useEffect(() => dismiss, [dismiss]);
  return problem ? <ProblemAlert error={problem} /> : null;
}
