/** An agent's name as their source has it; whoever has one name alone has the other one empty. */
export interface AgentName {
  firstName: string;
  lastName: string;
}

/** The whole name, as consumers and ops read it. */
export function fullName({ firstName, lastName }: AgentName): string {
  return `${firstName} ${lastName}`.trim();
}

/** The name that an agent is greeted by: the first one, or the only one. */
export function greetingName({ firstName, lastName }: AgentName): string {
  return firstName || lastName;
}
