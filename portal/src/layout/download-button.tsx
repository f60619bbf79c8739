import type { ReactNode } from 'react';
import { Button } from '../form/button.tsx';

interface DownloadButtonProps {
  /** Name of the file. */
  name: string;
  /** What the file has, as JSON. */
  content: object;
  children: ReactNode;
}

/** Button that saves what a page has read as a file, which never goes through an address. */
export function DownloadButton({ name, content, children }: DownloadButtonProps) {
  const save = () => {
    const url = URL.createObjectURL(
      new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }),
    );
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
    // some browsers read the file a while after the click
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return <Button onClick={save}>{children}</Button>;
}
