/** Groups of code blocks show the same tab: the one that was chosen last, here or on another page. */
const KEY = 'darkroom-tab';

/** `fetch` and `fetch + SSE` are the same choice. */
const choiceOf = (label: HTMLElement) => label.dataset['title']?.split(' + ')[0] ?? '';

/** Called once. A choice is a `change` of the radio button of a tab. */
export function rememberTabs(): void {
  document.addEventListener('change', ({ target, isTrusted }) => {
    if (!isTrusted || !(target instanceof HTMLInputElement) || !target.closest('.vp-code-group')) return;
    const label = document.querySelector(`label[for="${target.id}"]`);
    if (!(label instanceof HTMLElement)) return;
    // The groups above change their height: what was clicked stays where it is.
    const before = label.getBoundingClientRect().top;
    localStorage.setItem(KEY, choiceOf(label));
    showRememberedTab();
    window.scrollBy({ top: label.getBoundingClientRect().top - before, behavior: 'instant' });
  });
}

/** Shows it in every group of the page that has it. The others stay as they are. */
export function showRememberedTab(): void {
  const choice = localStorage.getItem(KEY);
  if (choice === null) return;
  for (const label of document.querySelectorAll('.vp-code-group .tabs label')) {
    const input = document.getElementById(label.getAttribute('for') ?? '');
    // VitePress shows the block of a tab when it is clicked.
    if (label instanceof HTMLElement && choiceOf(label) === choice && input instanceof HTMLInputElement) {
      if (!input.checked) input.click();
    }
  }
}
