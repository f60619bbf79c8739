import type { ReactNode } from 'react';

/** Names and what they are, as a list that screen readers know as one. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="hod-facts">
      {of.map(([name, value]) => (
        <div key={name} className="hod-fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A US number as it is read, `(801) 555-0123`; another stays as it is. */
export function phoneText(phone: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : phone;
}
