import { Alert } from '@cmsgov/design-system';
import { Link } from 'react-router';
import { useText } from '../../../portal-context.tsx';
import { InstallOffer } from '../app/install-offer.tsx';
import { RegistrationSteps } from './registration-steps.tsx';

/**
 * Content of the page after registration: "almost complete", and the app for those who chose it (docs/guide.md, step 3).
 * @param byText true if a code was sent to the phone
 */
export function RegistrationDone({ byText, byApp }: { byText: boolean; byApp: boolean }) {
  const text = useText().words.register.done;
  return (
    <>
      <RegistrationSteps current={byText ? 'code' : 'terms'} hasCode={byText} />
      <Alert variation="success">
        <p className="ds-u-margin--0">{text.text}</p>
      </Alert>
      <p>{text.mail}</p>
      {byText && <p>{text.code}</p>}
      <Link to="/login" className="ds-c-button ds-c-button--solid">
        {text.logIn}
      </Link>
      {byApp && <InstallOffer under={1} />}
    </>
  );
}
