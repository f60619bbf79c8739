import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

const { offer } = proxyActivities<{ offer: (id: string) => Promise<string> }>({
  startToCloseTimeout: '30 seconds',
});

export const accept = defineUpdate<{ at: string }, [{ offerId: string }]>('accept');

/**
 * The least that a referral asks of Temporal: an activity that makes an offer, 15 minutes to answer, and an update that
 * accepts it and is refused for any other offer. It has no database, no notice and no rule. It is what the referral of the
 * service is compared with, so it stays as it is: otherwise the figures of two releases cannot be compared.
 */
export async function bare(id: string): Promise<string> {
  let accepted: string | undefined;
  let offerId: string | undefined;
  setHandler(
    accept,
    async () => {
      accepted = new Date().toISOString();
      return { at: accepted };
    },
    {
      validator(answer) {
        if (answer.offerId !== offerId) throw new Error('There is no such offer.');
      },
    },
  );
  offerId = await offer(id);
  await condition(() => accepted !== undefined, '15 minutes');
  return accepted ?? 'none';
}
