import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** The one number of the fictitious range that is a landline; every other valid number is a mobile. */
export const landlineNumber = '+15005550199';

/**
 * What Lookup v2 answers for a number, `line_type_intelligence` only where `Fields` asks for it; undefined, which is
 * a 404, for what is no number at all.
 */
export function lookupResource(given: string, fields: unknown): Record<string, unknown> | undefined {
  const parsed = parsePhoneNumberFromString(given, 'US');
  if (parsed === undefined) return undefined;
  const isValid = parsed.isValid();
  const wanted = typeof fields === 'string' ? fields.split(',') : [];
  return {
    calling_country_code: parsed.countryCallingCode,
    country_code: parsed.country ?? 'US',
    phone_number: parsed.number,
    national_format: parsed.formatNational(),
    valid: isValid,
    validation_errors: isValid ? [] : ['NOT_A_NUMBER'],
    line_type_intelligence:
      isValid && wanted.includes('line_type_intelligence') ? lineType(parsed.number) : null,
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${parsed.number}`,
  };
}

function lineType(phone: string): Record<string, unknown> {
  const isLandline = phone === landlineNumber;
  return {
    type: isLandline ? 'landline' : 'mobile',
    carrier_name: isLandline ? 'Example Telephone' : 'Example Wireless',
    mobile_country_code: isLandline ? null : '310',
    mobile_network_code: isLandline ? null : '000',
    error_code: null,
  };
}
