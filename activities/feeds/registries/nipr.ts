import type { LookedUpLicense } from '../../../store/feeds/license-lookups.ts';
import { readEntityReport } from './nipr-report.ts';
import { RegistryOutage, registryOutageFrom } from './registry-outage.ts';

/** Looks up every license of an NPN, one row for each line of authority; none if the registry does not know the NPN. */
export type LookUpLicenses = (npn: string) => Promise<LookedUpLicense[]>;

export interface NiprAccount {
  /** Address of the PDB XML reports, such as `https://pdb-xml-reports.api.nipr.com/pdb-xml-reports`. */
  url: string;
  username: string;
  password: string;
  /** Milliseconds that a whole request may take. */
  timeoutMs: number;
}

/** Far above a report of fifty states, which has some hundred kilobytes. */
const maxCharacters = 10_000_000;

/**
 * Creates a lookup in the Entity Info report of NIPR's Producer Database: `GET entityinfo_xml.cgi` with the NPN as
 * `id_entity`, report type 1 (an individual), basic authentication. Only license rows are read; names, addresses and
 * identifiers in the report are neither saved nor logged.
 * @throws RegistryOutage if there is no usable answer
 */
export function createNiprLookup(account: NiprAccount): LookUpLicenses {
  const credentials = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}`, accept: 'application/xml' };
  return async (npn) => {
    try {
      const response = await fetch(reportUrl(account.url, npn), {
        headers,
        // the credentials are for this host only
        redirect: 'error',
        signal: AbortSignal.timeout(account.timeoutMs),
      });
      const text = await response.text();
      if (response.status === 404) return [];
      if (!response.ok) throw new RegistryOutage(`http-${response.status}`);
      if (text.length > maxCharacters) throw new RegistryOutage('unreadable');
      return readEntityReport(text);
    } catch (thrown) {
      throw registryOutageFrom(thrown);
    }
  };
}

function reportUrl(base: string, npn: string): URL {
  const url = new URL(`${base.replace(/\/$/, '')}/entityinfo_xml.cgi`);
  url.search = new URLSearchParams({ id_entity: npn, report_type: '1' }).toString();
  return url;
}
