import { TextField } from '@cmsgov/design-system';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { npn as npnSchema } from '../../../../api/schemas/fields.ts';
import { Button } from '../../form/button.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { useText } from '../../portal-context.tsx';

/** Form to open an agent's page by NPN. */
export function FindAgent() {
  const text = useText().words.ops.find;
  const navigate = useNavigate();
  const [npn, setNpn, draft] = useDraftState({ kept: 'find-agent' }, '');
  const [wrong, setWrong] = useState(false);
  const find = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = npnSchema.safeParse(npn.trim());
    setWrong(!typed.success);
    if (typed.success) {
      draft.clear();
      void navigate(`/ops/agents/${typed.data}`);
    } else document.getElementById('find-npn')?.focus();
  };
  return (
    <form noValidate onSubmit={find} className="hod-inline-form">
      <TextField
        id="find-npn"
        name="npn"
        label={text.label}
        numeric
        size="medium"
        value={npn}
        onChange={(event) => setNpn(event.target.value)}
        errorMessage={wrong ? text.invalid : undefined}
      />
      <Button type="submit">{text.submit}</Button>
    </form>
  );
}
