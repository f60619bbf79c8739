import { Badge } from '@cmsgov/design-system';
import { Link } from 'react-router';
import type { ReferralResponse } from '../../../../../api/schemas/referrals/referrals.ts';
import type { ReferralStage } from '../../../../../domain/stages.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { Status } from '../../../layout/status.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useLanguageOfRequest, useText, whenHere } from '../../../portal-context.tsx';
import { AboutAgent } from './about-agent.tsx';
import { CallCenter } from './call-center.tsx';
import { ContactCode } from './contact-code.tsx';
import { ContactCorrection } from './contact-correction.tsx';
import { KeptData } from './kept-data.tsx';
import { RequestSteps } from './request-steps.tsx';
import { StopRequest } from './stop-request.tsx';
import { UnknownRequest } from './unknown-request.tsx';
import { useLiveReferral } from './use-live-referral.ts';

const alertKinds: Readonly<Record<ReferralStage, 'info' | 'success' | 'warn' | undefined>> = {
  unconfirmed: 'warn',
  queued: 'info',
  offering: 'info',
  accepted: 'success',
  contacted: 'success',
  closed: undefined,
  unmatched: 'warn',
  withdrawn: undefined,
};

/** Live status of a request, with what the consumer can do about it. */
export function LiveStatus(referralKey: ReferralKey) {
  const text = useText().words.status;
  const { query, isConnected, isOver } = useLiveReferral(referralKey);
  useLanguageOfRequest(query.data?.language);
  if (query.error instanceof ApiProblem && [401, 404].includes(query.error.status)) return <UnknownRequest />;
  return (
    <Page title={text.title}>
      <Loaded query={query}>
        {(referral) => (
          <>
            <ReferralStageAlert referral={referral} />
            <RequestSteps referral={referral} isOver={isOver} />
            {referral.codesBy !== undefined && !isOver && (
              <ContactCode
                referralKey={referralKey}
                codesBy={referral.codesBy}
                isUnderWay={referral.stage !== 'unconfirmed'}
              />
            )}
            {referral.causes.includes('contact-wrong') && !isOver && (
              <ContactCorrection referralKey={referralKey} />
            )}
            {referral.agent && (
              <AboutAgent
                key={referral.agent.npn}
                referralKey={referralKey}
                referral={{ ...referral, agent: referral.agent }}
                isOver={isOver}
              />
            )}
            {isOver ? (
              <Link to="/help" className="ds-c-button">
                {text.again}
              </Link>
            ) : (
              <>
                <CallCenter />
                <Status>{isConnected ? text.live : text.reconnecting}</Status>
                <p>{text.keep}</p>
                <StopRequest referralKey={referralKey} />
              </>
            )}
            <KeptData referralKey={referralKey} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The stage in the catalog's words. Screen readers read changes. */
function ReferralStageAlert({ referral }: { referral: ReferralResponse }) {
  const { sentences, words } = useText();
  const when = whenHere(useNow(30_000));
  const { stage, since, causes, waitingUntil, contactBy, agent } = referral;
  const { name, consumer } = sentences.referralStage[stage];
  const known = causes.filter((cause): cause is keyof typeof sentences.referralCause =>
    Object.hasOwn(sentences.referralCause, cause),
  );
  return (
    <Status>
      <span className="hod-stage">
        <Badge size="big" variation={alertKinds[stage]}>
          {name}
        </Badge>
        <span>{words.status.since(sentences.at(new Date(since), when))}</span>
      </span>
      <span className="hod-line ds-text-body--lg">
        {consumer({
          causes: known,
          waitingUntil: waitingUntil ? new Date(waitingUntil) : null,
          agent,
          contactBy,
          when,
        })}
      </span>
    </Status>
  );
}
