import { readAgentData } from '../../../store/agents/own-data.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { agentData } from '../../schemas/agents/own-data.ts';

const dayMs = 24 * 60 * 60_000;

/** Route by which agents read what is kept about them. */
export function agentDataRoutes({ db, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/data',
      summary: 'Get what is kept about the agent, and for how long',
      responses: { 200: { description: 'What is kept', schema: agentData } },
      handle: async ({ caller: { npn } }) => {
        const { account = null, ...stored } = (await readAgentData(db, npn)) ?? fail('not-found');
        const kept = { agentDaysAfterEnd: Math.round(policy.agentKeptAfterEndMs / dayMs), recordYears: 10 };
        return { status: 200, body: { ...withTextInstants({ ...stored, account }), kept } };
      },
    }),
  ];
}

/** A value as JSON has it: instants are text. */
type AsJson<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? AsJson<Item>[]
    : Value extends object
      ? { [Name in keyof Value]: AsJson<Value[Name]> }
      : Value;

const withTextInstants = <Value>(value: Value) => JSON.parse(JSON.stringify(value)) as AsJson<Value>;
