-- Up Migration

-- Who gave no phone is reached by mail, and what an agent reports as wrong there is the address.
update referrals set contact_by = 'email'
 where contact_by <> 'email'
   and exists (select from consumer_contacts c where c.referral_id = referrals.id and c.phone is null);
