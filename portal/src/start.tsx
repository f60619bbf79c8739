import { showConsumerPage } from './consumer-entry.tsx';
import { StartPage } from './pages/start-page.tsx';

/** Entry of the start page (`start.html`). */
showConsumerPage(<StartPage />);
