-- Up Migration

-- What a row of each table is, and what a reader of a column could not guess. `npm run schema` writes these comments into
-- store/schema.sql and store/schema.ts.

-- Agents and their accounts
comment on domain npn is 'National Producer Number: 1 to 10 digits without leading zeros, which are not significant.';

comment on table agents is 'One agent or broker, known by NPN; name and email come from the training feed, the rest from the agent.';
comment on column agents.email_undeliverable_at is 'When mail to this address came back for good or was complained about; null once the address changes.';
comment on column agents.synced_at is 'When name and email were last taken from the training feed.';
comment on column agents.last_offered_at is 'When the latest offer was made: among equal candidates the one idle the longest is asked first.';
comment on column agents.left_at is 'When the agent stopped taking part; null again if they come back.';
comment on column agents.held_at is 'Since when ops have the agent on hold; null: no hold.';
comment on column agents.phone_line_type is 'Kind of line as the carrier look-up says it; null: not looked up yet.';
comment on column agents.phone_check_at is 'When the kind of line is looked up again; null: nothing to look up.';
comment on column agents.phone_must_be_confirmed is 'Whether texts wait for a confirmed phone, by the policy in force when the phone was given.';
comment on column agents.available_from is 'Beginning of the availability window that runs now or comes next; -infinity while it runs.';
comment on column agents.available_until is 'End of that window; the agent can be asked while available_from <= now < available_until.';
comment on column agents.availability_changes_at is 'When the window has to be computed again by the clock; null: never.';

comment on table absences is 'One range of dates on which an agent is away, both dates included, on the clock of the agent.';
comment on column absences.removed_at is 'When the agent took the absence back; the row stays to explain earlier decisions.';
comment on table availability_hours is 'One part of a weekday on which an agent is available; an agent without rows is always available.';
comment on column availability_hours.weekday is 'ISO weekday: 1 is Monday, 7 is Sunday.';
comment on column availability_hours.until_time is 'End on the clock of the agent; one that is not after from_time is on the next day.';
comment on table availability_overrides is 'The switch of an agent: on or off whatever the weekly hours say.';
comment on column availability_overrides.until_at is 'When the switch ends by itself; null: when it is switched again.';

comment on table accounts is 'One log-in of an agent or of ops.';
comment on table sessions is 'One browser that is logged in, known by the hash of its session token.';
comment on table known_devices is 'One browser that an account has logged in with; failed tries of strangers do not slow it down.';
comment on table push_subscriptions is 'One browser of an agent that receives push messages.';
comment on column push_subscriptions.gone_at is 'When the push service said that the subscription no longer exists.';
comment on table phone_codes is 'The latest code sent to confirm the phone of an agent; the code is derived from the id and stored nowhere.';
comment on column phone_codes.tries is 'How many wrong codes were entered.';
comment on table rate_limits is 'One counter of a limit, in the layout of rate-limiter-flexible; keys are hashed.';
comment on column rate_limits.expire is 'End of the counter, in milliseconds since 1970.';
comment on column rate_limits.open_at is 'When the next try is accepted, for limits that make it wait; null for those that count a window.';

-- Feeds and evidence
comment on table feed_releases is 'One imported snapshot of a feed, with what it changed.';
comment on table feed_imports is 'One import of a feed, running or ended, written beside its transaction so that ops see its progress.';
comment on column feed_imports.source_name is 'Which service it was pulled from; null for uploads and commands.';
comment on column feed_imports.alive_at is 'When the importing process last reported; one that died reports no more.';
comment on column feed_imports.announced_bytes is 'Size that the sender announced; null: none announced.';
comment on column feed_imports.refusal is 'Type of the refusal; refusal_detail is the sentence that the sender got.';
comment on column feed_imports.additional_columns is 'Names of columns that the feed does not have and that were ignored.';
comment on table feed_bad_rows is 'One bad row of the newest release of a feed; the reason repeats nothing of the row.';
comment on column feed_bad_rows.line is 'Line of the file, 1 for the header.';
comment on table feed_pulls is 'One download of a release from a data catalog.';
comment on column feed_pulls.distribution is 'How the catalog names the file of the release.';
comment on column feed_pulls.modified is 'Day of the last change, as the catalog says it.';
comment on column feed_pulls.code is 'Type of the refusal, where it was refused.';
comment on column feed_pulls.checked_at is 'When the catalog was checked last and had no newer release.';
comment on table feed_pull_pages is 'One page of a pull that is running, so that any worker can continue it.';
comment on table registration_completions is 'Evidence: one row of the public Registration Completion List.';
comment on column registration_completions.npn_valid_kept is 'The last Y or N that was stated: a dash means "not stated" and does not erase it.';
comment on table terminations is 'Evidence: one row of the public list of terminated and suspended agents.';
comment on column terminations.status is 'T1 to T4: terminated; R1 to R4: reinstated.';
comment on table training_completions is 'Evidence: one row of the training feed; it opens the onboarding of its plan year.';
comment on column training_completions.languages is 'BCP-47 codes.';
comment on table licenses is 'Evidence: one line of authority of a state license, from the license feed.';
comment on column licenses.expires_on is 'Null: never.';
comment on table license_lookups is 'The look-up at the license registry for an agent of whom the license feed has no row.';
comment on column license_lookups.next_at is 'When it is tried next; null: no more.';
comment on table looked_up_licenses is 'Evidence: one line of authority that a look-up found; it counts while the feed has no row of the NPN.';
comment on table lines_of_authority is 'Whether a line of authority of a state counts as health-related.';
comment on column lines_of_authority.state is 'Two letters; * for every state without a row of its own for this name.';
comment on column lines_of_authority.set_at is 'When somebody set it by command; null: from the file, which replaces only such rows.';
comment on table marketplaces is 'Which marketplace a state uses in a plan year, from a date on.';
comment on column marketplaces.kind is 'FFM: federal; SBM-FP: of the state on the federal platform; SBM: of the state.';
comment on table zips is 'Where a ZIP is: city, state, position and time zone.';
comment on column zips.set_at is 'When ops set it; such a row stays when the file is loaded again. Null: from the file.';
comment on table zip_states is 'Another state of a ZIP whose deliveries cross a state line.';
comment on table zip_changes is 'One change of a ZIP by ops, who and why; never deleted.';
comment on table reference_files is 'One file of reference data as it was last loaded, so that loading it again costs nothing.';
comment on column reference_files.as_of is 'Date of the data in the file, which is not when it was loaded.';

-- Onboarding
comment on table onboardings is 'The onboarding of one agent for one plan year, run by the workflow onboarding-<npn>-<planYear>.';
comment on column onboardings.since is 'Since when the onboarding is in this stage.';
comment on column onboardings.causes is 'Why it is in this stage: unmet conditions, or reasons of the stage itself.';
comment on column onboardings.next_change_at is 'The earliest instant at which the stage or its causes change by themselves.';
comment on column onboardings.eligible_at is 'When every condition was first met; a gap after that is a suspension.';
comment on column onboardings.terms_remind_at is 'When reminders to accept the terms are due; set once and never moved.';
comment on column onboardings.invitation_requested_at is 'When the agent or ops asked for an invitation; one issued later answers it.';
comment on column onboardings.late_at is 'When an invitation that has not come is late; set when the training is complete and never moved.';
comment on column onboardings.late_notified_at is 'When the agent was sent the reason for the delay.';
comment on column onboardings.covered is 'States that the evidence covers: running offers there stay while only new terms have to be accepted.';
comment on table invitations is 'One link by mail to register with, from its issue to its one end; an agent has one live link.';
comment on column invitations.number is 'Counts the invitations of the onboarding, from 1.';
comment on column invitations.ended_as is 'unsent: no provider accepted the mail in time, so the agent is invited again.';
comment on column invitations.retry_at is 'When an agent whose mail came back is invited again without a new address; null: not at all.';
comment on table registration_requests is 'What an agent entered to register, until the onboarding has accepted or refused it.';
comment on table expiration_warnings is 'One warning to an agent that a registration or a license expires.';
comment on column expiration_warnings.subject is 'registration, or the state of the license.';
comment on table serving is 'From when to when an agent is offered referrals of a state; written by the review, read by matching.';
comment on table terms_documents is 'One version of terms, word for word; a row never changes.';
comment on table terms_acceptances is 'One acceptance of a version of terms by an agent.';
comment on table ops_actions is 'One action of ops about an agent or a referral, who and why; never deleted.';
comment on column ops_actions.reason is 'In the words of ops; it stays here, and events, logs and Temporal hold the id alone.';
comment on column ops_actions.because is 'Kind of reason, for actions that have kinds.';

-- Referrals
comment on table referrals is 'One request of a consumer for help, run by the workflow referral-<id>; who asked is in consumer_contacts.';
comment on column referrals.causes is 'Why it is in this stage.';
comment on column referrals.waiting_until is 'When the referral goes on by itself.';
comment on column referrals.token_sha256 is 'Hash of the key to the status page of the consumer.';
comment on column referrals.idempotency_keys is 'Keyed hashes of the Idempotency-Key with each phone and address that it came with.';
comment on column referrals.budget_ends_at is 'When the search for an agent ends.';
comment on column referrals.contact_times is 'When to call, on the clock of the consumer; empty: at any time.';
comment on column referrals.contact_by is 'How to reach the consumer; relay is the telephone relay service 711.';
comment on column referrals.contact_wrong_at is 'Since when the phone or address is known to be wrong; null once it is corrected.';
comment on column referrals.another_asked_at is 'When the consumer asked for another agent, which is possible once.';
comment on column referrals.opens_at is 'Until when the service is closed where the consumer is; null: open.';
comment on column referrals.delete_at is 'When a request that nobody confirmed is deleted; null: it was confirmed.';
comment on table consumer_contacts is 'Name and contact of the consumer of a referral; deleted when they take their consent back.';
comment on table contact_keys is 'A phone or address of a referral as a keyed hash: it finds requests of the same contact without reading it.';
comment on column contact_keys.confirmed_at is 'When the code sent there was entered.';
comment on table contact_codes is 'The latest codes sent to the phone and address of an unconfirmed request; derived from the id and stored nowhere.';
comment on column contact_codes.resolved_to is 'The open request of the same contact that this one led to instead of starting.';
comment on table contact_changes is 'A phone or address that replaced another one, or that waits for its code to do so.';
comment on column contact_changes.address_before is 'Null: there was none, or none is left.';
comment on column contact_changes.key is 'Keyed hash of the address, as in contact_keys.';
comment on column contact_changes.from_intake is 'Whether it was entered beside the contact whose code started the request.';
comment on column contact_changes.text_consent is 'Consent to texts to this phone: {"language", "version"}.';
comment on column contact_changes.waiting_until is 'When it is deleted unless its code is entered.';
comment on table consent_documents is 'One version of a consent in one language, word for word; a row never changes.';
comment on column consent_documents.scope is 'Which data it allows to use.';
comment on column consent_documents.duration_days is 'Longest time it holds; null: while the request is open.';
comment on table consents is 'One consent that a consumer gave for a referral, in force until it expires or is taken back.';
comment on column consents.expires_at is 'When it ends by itself; null: with the request.';
comment on table intake_pauses is 'One pause of new requests from a state, by ops; the row stays when the state is open again.';
comment on column intake_pauses.notice is 'What consumers read instead of the usual words: {"en", "es"}.';
comment on table offers is 'One offer of a referral to one agent, from the reservation to its one end.';
comment on column offers.number is 'Counts the offers of the referral, from 1.';
comment on column offers.short_code is 'What an agent answers a text with.';
comment on column offers.contact_due_at is 'By when an agent who accepted has to reach the consumer.';
comment on column offers.contact_remind_at is 'When the agent is reminded of that; set at acceptance.';
comment on column offers.closes_at is 'When an accepted offer without an outcome is closed.';
comment on column offers.milestone is 'What has come of it since first contact, before its outcome.';
comment on column offers.called is 'Whether the agent called, as the consumer says.';
comment on column offers.called_reported_at is 'When the consumer said so.';
comment on table disclosures is 'What an agent was shown of a referral, in one sitting; looks within ten minutes extend it.';
comment on column disclosures.shown is 'offer: ZIP, city, language and need; contact: also name, phone and email address.';
comment on column disclosures.through is 'portal: after log-in; link: by the link in the message of an offer.';
comment on table problem_reports is 'One problem with an agent that a consumer reported, for ops to look at.';

-- Matching
comment on table candidate_index is 'One bucket in which matching finds an available agent: an index over facts that triggers keep up to date.';
comment on column candidate_index.bucket is 'TX, TX en, or TX en 172987: state, language, square of the map.';
comment on column candidate_index.last_offered_at is 'When the agent had the latest offer; -infinity: never.';
comment on column candidate_index.tie_break is 'Order of agents who are idle equally long, by chance and for ever.';
comment on view candidate_index_source is 'What candidate_index should hold, computed from the facts.';
comment on table candidate_periods is 'From when to when an agent was a candidate for a state.';
comment on table match_decisions is 'One search of a referral for an agent: whom it chose, or why nobody.';
comment on column match_decisions.asked is 'How many agents were asked before.';
comment on column match_decisions.limits is 'The limits that it was decided by.';
comment on column match_decisions.explained_at is 'When the columns after it were counted, some seconds later.';
comment on column match_decisions.considered is 'How many agents serve the state or want it.';
comment on column match_decisions.excluded is '{"reason": how many}.';
comment on column match_decisions.ranked is 'The first 20: [{"npn", "rung", "idleSince", "miles"}].';

-- Notices
comment on table notices is 'One occasion to tell somebody something, over one or more channels.';
comment on column notices.until_at is 'After this instant the message would mislead, and is not sent.';
comment on column notices.dedupe_key is 'Makes a repeat of the same transaction write the same notice.';
comment on column notices.data is 'What it says, where that may have changed by the time it is sent.';
comment on column notices.to_address is 'Where it goes instead of the present address.';
comment on table deliveries is 'One notice over one channel, with what the provider reported.';
comment on column deliveries.status is 'sent: the provider accepted it; delivered: it reported that it arrived; lapsed: given up.';
comment on column deliveries.code is 'Reason of the provider, or ours.';
comment on table processed_reports is 'One message of SNS that was processed, so that a replay changes nothing.';
comment on table text_opt_outs is 'One phone that no text is sent to.';
comment on column text_opt_outs.stopped_by is 'unclear-reply: nobody understood a reply, and texts wait for ops or its sender.';
comment on table text_replies is 'One text that came in, and how it was read; never its words.';
comment on column text_replies.kind is 'Not read any more: kinds replaced it.';
comment on column text_replies.answer is 'Not read any more: answers replaced it.';
comment on column text_replies.answers is 'What was answered; null while the answer to an offer is undecided.';
comment on table text_stop_decisions is 'What ops decided about texts that an unclear reply had stopped.';

-- Events, outbox, audit
comment on table events is 'One thing that happened to an onboarding or a referral; never changed or deleted on its own.';
comment on column events.subject_id is '<npn>-<planYear> of an onboarding, or the id of a referral.';
comment on column events.sequence is 'Counts the events of its subject.';
comment on table outbox is 'One message that must follow a commit: a workflow to start or signal; the relay deletes it once Temporal has it.';
comment on column outbox.payload is 'Ids of what it is about, by type: {"npn", "planYear"}, {"referralId"}, {"referralId", "offerId"}, {"noticeId", "kind", "channels"}.';
comment on column outbox.try_at is 'When the relay tries it next.';
comment on column outbox.urgent is 'Whether somebody waits for it; feeds can add a hundred thousand messages that are not.';
comment on table audit_runs is 'One comparison of Postgres with Temporal; the id is that of the workflow run.';
comment on column audit_runs.lists is 'Calls of Temporal that listed workflows.';
comment on column audit_runs.describes is 'Calls of Temporal that described one workflow.';
comment on table audit_findings is 'One thing that is wrong, from the run that found it to the run that no longer does.';
comment on column audit_findings.repaired_at is 'Set once; a finding that is seen again afterwards is left to ops.';

-- Figures
comment on view offer_answers is 'How each offer was answered; null: taken back or withdrawn before the agent answered.';
comment on column offer_answers.answer_seconds is 'How long the agent took; null: no answer of their own.';
comment on view request_ends is 'What became of each confirmed request.';
comment on column request_ends.hour is 'Hour of the day at which it came, on the clock of its place.';
comment on column request_ends.is_unmatched is 'Whether no agent was found; a wrong contact does not count.';

-- Functions
comment on function check_release() is 'Holds rows of evidence to a release that exists, once a statement: a foreign key would look it up for each row.';
comment on function refuse_loss_of_release() is 'Refuses to delete a release or to change its id.';
comment on function miles_between(double precision, double precision, double precision, double precision) is 'Great-circle distance in miles; null where a position is not known.';
comment on function square_of(double precision, double precision) is 'The square of half a degree that a position is in; squareOf in domain is the same.';
comment on function tie_break_of(npn) is 'The tie-break of an agent, 0 to 2^31 - 1.';
comment on function refresh_candidates(text[]) is 'Brings candidate_index and candidate_periods up to date for these agents, locking their rows first.';
comment on function refresh_candidate() is 'Follows a change of the facts of an agent.';
comment on function reorder_candidate() is 'Moves an agent who had an offer behind those who have been idle longer.';
comment on function refresh_serving_candidates() is 'Follows a change of the states that agents serve.';
comment on function notify_event() is 'Notifies listeners of a new event; the payload holds ids alone and is a hint.';
comment on function notify_outbox() is 'Wakes the relay.';
