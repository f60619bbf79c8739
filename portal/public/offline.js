/** Milliseconds until the first look whether the service is back; each next one is later, up to half a minute. */
let waitMs = 2_000;
const longestWaitMs = 30_000;

/** Loads the page that was asked for, as soon as the service answers: its address is still that of this page. */
async function loadWhenBack() {
  const answer = await fetch('/health/live', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok) location.reload();
  return answer?.ok === true;
}

async function lookAgain() {
  if (await loadWhenBack()) return;
  waitMs = Math.min(waitMs * 2, longestWaitMs);
  lookLater();
}

/** It varies, so that not all devices ask at once. */
function lookLater() {
  setTimeout(() => void lookAgain(), waitMs * (1 + Math.random() / 2));
}

addEventListener('online', () => void loadWhenBack());
for (const button of document.querySelectorAll('button'))
  button.addEventListener('click', () => location.reload());
lookLater();
