import { Button } from '../../form/button.tsx';
import { pageLanguages } from '../../language.ts';
import { broken } from '../../words/broken.ts';

/** What is left when not even the texts of the frame could be loaded: in both languages, because nobody knows which. */
export function BrokenFrame() {
  return (
    <main className="hod-main">
      <div className="ds-l-container hod-page">
        {pageLanguages.map((language) => (
          <section key={language} lang={language}>
            <h1 className="ds-text-heading--2xl">{broken[language].title}</h1>
            <p>{broken[language].text}</p>
            <Button variation="solid" onClick={() => location.reload()}>
              {broken[language].reload}
            </Button>
          </section>
        ))}
      </div>
    </main>
  );
}
