/**
 * Twilio error codes that mean a fault of our account, our number or its registration. Ops can mend it, and the
 * recipient is not at fault. Source: https://www.twilio.com/docs/api/errors
 */
export const twilioSenderFaults: ReadonlyMap<string, string> = new Map([
  ['20003', 'wrong credentials'],
  ['20005', 'the account is not active'],
  ['20008', 'test credentials'],
  ['21212', 'From is no number'],
  ['21408', 'texts to the region of the To number are not permitted'],
  ['21603', 'no From'],
  ['21606', 'From cannot send texts'],
  ['21609', 'the status callback is no public address'],
  ['21659', 'From is no number of Twilio'],
  ['21660', 'From is of another account'],
  ['21661', 'From cannot send texts'],
  ['21701', 'there is no such messaging service'],
  ['21703', 'the messaging service has no numbers'],
  ['21704', 'the messaging service has no numbers for this recipient'],
  ['21705', 'there is no such messaging service'],
  ['30002', 'the account is suspended'],
  ['30010', 'the price is above our limit'],
  ['30023', 'our daily cap with a carrier is used up'],
  ['30024', 'From is not registered with the carriers'],
  ['30027', 'our daily cap with a carrier is used up'],
  ['30032', 'the toll-free number is not verified'],
  ['30033', 'our campaign is suspended'],
  ['30034', 'From is not registered with the carriers'],
  ['30035', 'From is still being registered with the carriers'],
]);
