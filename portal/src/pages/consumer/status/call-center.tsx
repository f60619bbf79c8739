import { helpContacts } from '../../../../../domain/text/help-contacts.ts';
import { useText } from '../../../portal-context.tsx';

/** The Call Center, which a consumer can call whatever becomes of the request. */
export function CallCenter() {
  const { callCenter } = useText().words.status;
  return (
    <p className="hod-buttons">
      <a href={`tel:+${helpContacts.callCenter.replace(/\D/g, '')}`} className="ds-c-button">
        {callCenter(helpContacts.callCenter)}
      </a>
    </p>
  );
}
