/** An agent's name as the feed has it. One part is empty for an agent with a single name. */
export interface AgentName {
  firstName: string;
  lastName: string;
}

/** Full name for consumers and ops. */
export function fullName({ firstName, lastName }: AgentName): string {
  return `${firstName} ${lastName}`.trim();
}

/** Name to greet an agent by: the first name, or the only one. */
export function greetingName({ firstName, lastName }: AgentName): string {
  return firstName || lastName;
}
