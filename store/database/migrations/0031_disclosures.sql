-- Up Migration

-- What an agent was shown of a request, and when; the offer says to whom. A row is one sitting: from its first look to its
-- last, to the minute, since a page that is left open reads itself anew every few seconds (decision 0022).
create table disclosures (
  offer_id uuid not null references offers (id) on delete cascade,
  -- offer: ZIP, city, language and need; contact: name, phone and email address as well
  shown text not null check (shown in ('offer', 'contact')),
  -- portal: after log-in; link: by the link in an offer's message
  through text not null check (through in ('portal', 'link')),
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (offer_id, shown, through, first_at)
);
