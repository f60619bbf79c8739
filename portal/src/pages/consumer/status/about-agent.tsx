import { type SubmitEvent, useState } from 'react';
import type { ReferralResponse } from '../../../../../api/schemas/referrals/referrals.ts';
import { type ProblemKind, problemKinds } from '../../../../../domain/referrals/referral.ts';
import { helpContacts } from '../../../../../domain/text/help-contacts.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { Button } from '../../../form/button.tsx';
import { ReasonList } from '../../../form/reason-list.tsx';
import { Facts } from '../../../layout/facts.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { ConfirmedAction } from './confirmed-action.tsx';
import { useConsumerAction } from './use-consumer-action.ts';

interface AboutAgentProps {
  referralKey: ReferralKey;
  referral: ReferralResponse & { agent: NonNullable<ReferralResponse['agent']> };
  isOver: boolean;
}

/** The agent's name and data, and the consumer's actions: confirm contact, ask for another agent, report a problem. */
export function AboutAgent({ referralKey, referral, isOver }: AboutAgentProps) {
  const { sentences, words } = useText();
  const text = words.status;
  const when = whenHere(useNow(30_000));
  const { name, npn, license, callsBy } = referral.agent;
  const time = (instant: string) => sentences.at(new Date(instant), when);
  return (
    <section aria-labelledby="agent" className="hod-card">
      <h2 id="agent" className="ds-text-heading--md">
        {text.agent}
      </h2>
      <Facts
        of={[
          [text.agentName, name],
          [text.npn, npn],
          ...(license ? [[text.license, `${license.state} ${license.number}`] as const] : []),
          [text.contactBy, sentences.contactWay[referral.contactBy]],
          ...(callsBy ? [[text.callBy, time(callsBy)] as const] : []),
        ]}
      />
      <p className="ds-text-body--sm ds-u-margin--0">
        {text.npnNote} <a href={helpContacts.nipr}>{helpContacts.nipr}</a>
      </p>
      {!isOver && <ContactConfirmationForm referralKey={referralKey} called={referral.agent.called} />}
      {referral.canAskAnother && <AnotherAgent referralKey={referralKey} />}
      <ProblemReportForm referralKey={referralKey} />
    </section>
  );
}

function ContactConfirmationForm({
  referralKey,
  called,
}: {
  referralKey: ReferralKey;
  called: boolean | null;
}) {
  const { calls } = usePortal();
  const text = useText().words.status;
  const confirm = useConsumerAction(referralKey, (answer: boolean) =>
    calls.confirmContact(referralKey, answer),
  );
  return (
    <>
      <h3 className="ds-text-heading--sm">{text.called.heading}</h3>
      {confirm.error && <ProblemAlert error={confirm.error} />}
      <Status>{called === null ? '' : called ? text.calledYes : text.calledNo}</Status>
      {called !== true && (
        <div className="hod-buttons">
          <Button size="small" isBusy={confirm.isPending} onClick={() => confirm.mutate(true)}>
            {text.called.yes}
          </Button>
          <Button size="small" isBusy={confirm.isPending} onClick={() => confirm.mutate(false)}>
            {text.called.no}
          </Button>
        </div>
      )}
    </>
  );
}

function AnotherAgent({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const { another } = useText().words.status;
  const ask = useConsumerAction(referralKey, () => calls.askAnother(referralKey));
  return (
    <ConfirmedAction
      words={another}
      isBusy={ask.isPending}
      error={ask.error}
      onConfirm={() => ask.mutate()}
    />
  );
}

function ProblemReportForm({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.status;
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<ProblemKind>();
  const [missed, setMissed] = useState(false);
  const report = useConsumerAction(referralKey, (kind: ProblemKind) =>
    calls.reportProblem(referralKey, kind),
  );
  if (report.isSuccess) return <Status>{text.problemDone}</Status>;
  if (!isOpen)
    return (
      <div className="hod-buttons">
        <Button size="small" variation="ghost" onClick={() => setIsOpen(true)}>
          {text.problem}
        </Button>
      </div>
    );
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setMissed(problem === undefined);
    if (problem) report.mutate(problem);
  };
  return (
    <form noValidate onSubmit={send}>
      <ReasonList
        name="problem"
        label={text.problemQuestion}
        options={problemKinds}
        labelOf={(kind) => sentences.problem[kind]}
        value={problem}
        onChange={setProblem}
        error={missed && problem === undefined ? text.problemMissing : undefined}
      />
      {report.error && <ProblemAlert error={report.error} />}
      <div className="hod-buttons">
        <Button type="submit" isBusy={report.isPending}>
          {text.problemSend}
        </Button>
      </div>
    </form>
  );
}
