import {
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';

/** Line types of some fictitious numbers. Every other valid number is a mobile number. */
export const lineTypesByPhone: Readonly<Record<string, string>> = {
  // a type that Twilio does not have yet
  '+15005550187': 'orbital',
  '+15005550188': 'unknown',
  '+15005550189': 'fixedVoip',
  '+15005550190': 'nonFixedVoip',
  '+15005550191': 'personal',
  '+15005550192': 'tollFree',
  '+15005550193': 'premium',
  '+15005550194': 'sharedCost',
  '+15005550195': 'uan',
  '+15005550196': 'voicemail',
  '+15005550197': 'pager',
  '+15005550199': 'landline',
};

/**
 * Builds the response of Lookup v2 for a number. It has `line_type_intelligence` only if `Fields` asks for it.
 * @returns undefined, which becomes a 404, for text that is not a phone number
 */
export function lookupResource(number: string, fields: unknown): Record<string, unknown> | undefined {
  const parsed = parsePhoneNumberFromString(number, 'US');
  if (parsed === undefined) return undefined;
  const isValid = parsed.isValid();
  const wanted = typeof fields === 'string' ? fields.split(',') : [];
  return {
    calling_country_code: parsed.countryCallingCode,
    country_code: parsed.country ?? 'US',
    phone_number: parsed.number,
    national_format: parsed.formatNational(),
    valid: isValid,
    validation_errors: isValid ? [] : [invalidity(parsed)],
    line_type_intelligence:
      isValid && wanted.includes('line_type_intelligence') ? lineType(parsed.number) : null,
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${parsed.number}`,
  };
}

/** Lookup's validation error. For an area code that is not in its list yet, the number is "invalid but possible". */
function invalidity({ number }: PhoneNumber): string {
  return validatePhoneNumberLength(number) ?? 'INVALID_BUT_POSSIBLE';
}

function lineType(phone: string): Record<string, unknown> {
  const type = lineTypesByPhone[phone] ?? 'mobile';
  const isMobile = type === 'mobile';
  return {
    type,
    carrier_name: isMobile ? 'Example Wireless' : type === 'landline' ? 'Example Telephone' : null,
    mobile_country_code: isMobile ? '310' : null,
    mobile_network_code: isMobile ? '000' : null,
    error_code: null,
  };
}
