/** A figure says nothing of an import that did not do its work. @throws an Error that names what differs */
export function expectReport<Report extends object>(report: Report, expected: Partial<Report>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (report as Record<string, unknown>)[name];
    if (found !== value) throw new Error(`${name} is ${String(found)} instead of ${String(value)}`);
  }
}
