import { Alert, TextField } from '@cmsgov/design-system';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useRef } from 'react';
import type { Notes as SavedNotes } from '../../../../../api/schemas/referrals/notes.ts';
import type { AgentReferral } from '../../../../../api/schemas/referrals/offers.ts';
import { maxNotesLength } from '../../../../../domain/referrals/notes.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';

type Noted = Pick<AgentReferral, 'id' | 'offerId'>;

/** What an agent notes for themselves about a referral that they have. Typed text is in this page alone until it is saved. */
export function Notes({ referral }: { referral: Noted }) {
  const { calls } = usePortal();
  // null: nothing is typed, and the saved notes are shown
  const [typed, setTyped, draft] = useDraftState<string | null>({ lost: `notes ${referral.offerId}` }, null);
  const query = useQuery({
    queryKey: keys.notes(referral.id),
    queryFn: () => calls.notes(referral.id),
    // what is typed is about the notes that were shown: newer ones are found when it is saved
    enabled: typed === null,
  });
  const onSaved = () => {
    setTyped(null);
    draft.clear();
  };
  return (
    <>
      <DraftNotice draft={draft} />
      <Loaded query={query}>
        {(saved) => <NotesForm {...{ referral, saved, typed, onTyped: setTyped, onSaved }} />}
      </Loaded>
    </>
  );
}

interface NotesFormProps {
  referral: Noted;
  saved: SavedNotes;
  typed: string | null;
  onTyped: (text: string) => void;
  onSaved: () => void;
}

function NotesForm({ referral, saved, typed, onTyped, onSaved }: NotesFormProps) {
  const { calls } = usePortal();
  const { words } = useText();
  const { language } = useLanguage();
  const text = words.notes;
  const queries = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const show = (notes: SavedNotes) => queries.setQueryData(keys.notes(referral.id), notes);
  const save = useMutation({
    mutationFn: (notes: SavedNotes) => calls.saveNotes(referral.id, notes),
    onSuccess: (notes) => {
      show(notes);
      onSaved();
    },
  });
  const newer = save.error ? newerNotesIn(save.error) : undefined;
  const value = typed ?? saved.text;
  const isTooLong = value.length > maxNotesLength;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (isTooLong) field.current?.focus();
    else save.mutate({ text: value.trim(), updatedAt: saved.updatedAt });
  };
  /** Goes on from the newer notes; what was typed stays, or not. The buttons disappear, so the focus moves to the field. */
  const resolve = (notes: SavedNotes, keepsTyped: boolean) => {
    show(notes);
    if (!keepsTyped) onSaved();
    save.reset();
    field.current?.focus();
  };
  return (
    <form noValidate onSubmit={send}>
      <TextField
        multiline
        rows={4}
        name={`notes-${referral.id}`}
        label={text.label}
        hint={text.hint}
        inputRef={field}
        value={value}
        onChange={({ target }) => onTyped(target.value)}
        errorMessage={isTooLong && text.tooLong(maxNotesLength.toLocaleString(language))}
      />
      {save.error && !newer && <ProblemAlert error={save.error} />}
      {newer && <NewerNotes notes={newer} onResolved={(keepsTyped) => resolve(newer, keepsTyped)} />}
      <div className="hod-buttons">
        <Button type="submit" size="small" isBusy={save.isPending}>
          {save.isPending ? text.saving : text.save}
        </Button>
      </div>
      <Status>{save.isSuccess && typed === null ? text.saved : ''}</Status>
    </form>
  );
}

/** Shows notes that were saved meanwhile, and asks which to go on with. */
function NewerNotes({ notes, onResolved }: { notes: SavedNotes; onResolved: (keepsTyped: boolean) => void }) {
  const text = useText().words.notes;
  return (
    <Alert variation="warn" className="ds-u-margin-y--2" role="alert">
      <p>{text.changed}</p>
      <p>{text.theirs}</p>
      <p className="hod-own-words">{notes.text || text.empty}</p>
      <div className="hod-buttons">
        <Button size="small" onClick={() => onResolved(false)}>
          {text.useNewer}
        </Button>
        <Button size="small" onClick={() => onResolved(true)}>
          {text.keepMine}
        </Button>
      </div>
    </Alert>
  );
}

/** The notes that a refused save has found; undefined if it failed for another reason. */
function newerNotesIn(error: unknown): SavedNotes | undefined {
  const { kind, members } = asProblem(error);
  if (kind !== 'notes-changed') return undefined;
  return { text: String(members['text']), updatedAt: members['updatedAt'] as string | null };
}
