import type { ReactNode } from 'react';

/** List of names and values, as a `dl` for screen readers. */
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

/** Formats a US phone number as `(801) 555-0123`; others stay as they are. */
export function phoneText(phone: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : phone;
}
