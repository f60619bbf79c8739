import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { useRefusedWrite } from '../api/queries.ts';
import { ProblemAlert } from './problem-alert.tsx';

/** Says above a page that nothing was sent, because another account is logged in: the form that it was typed into is gone. */
export function RefusedWrite() {
  const { pathname } = useLocation();
  return <RefusedOnPage key={pathname} />;
}

/** Whoever leaves the page has read it. */
function RefusedOnPage() {
  const { problem, dismiss } = useRefusedWrite();
  useEffect(() => dismiss, [dismiss]);
  return problem ? <ProblemAlert error={problem} /> : null;
}
