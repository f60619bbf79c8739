import { Button } from '../../../form/button.tsx';
import { useText } from '../../../portal-context.tsx';
import type { AdminAction } from './admin-action.ts';

/** Buttons of a row. `about` completes their names for screen readers. */
export function AdminButtons(props: {
  actions: readonly AdminAction[];
  about: string;
  onChoose: (action: AdminAction) => void;
}) {
  const { actions, about, onChoose } = props;
  const text = useText().words.ops.accounts;
  return (
    <div className="hod-row-buttons">
      {actions.map((action) => (
        <Button key={action.action} id={action.buttonId} size="small" onClick={() => onChoose(action)}>
          {text[action.action].name}
          <span className="ds-u-visibility--screen-reader"> {about}</span>
        </Button>
      ))}
    </div>
  );
}
