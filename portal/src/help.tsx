import { showConsumerPage } from './consumer-entry.tsx';
import { HelpPage } from './pages/consumer/help/help-page.tsx';

/** Entry of the form for help (`help.html`). */
showConsumerPage(<HelpPage />);
