import { UnstyledButton } from '../../form/button.tsx';
import { useLanguage } from '../../portal-context.tsx';
import { ownNames } from '../../words/words.ts';

/** Switches to the other language. Shows that language's name in the language itself. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  if (!choose) return null;
  const other = language === 'en' ? 'es' : 'en';
  return (
    <UnstyledButton className="hod-link-button" lang={other} onClick={() => choose(other)}>
      {ownNames[other]}
    </UnstyledButton>
  );
}
