/** The theme of VitePress in the colours of Studio. Who chooses a tab sees it in every group that has it, on every page. */
import { useData, useRoute, withBase } from 'vitepress';
import Theme from 'vitepress/theme-without-fonts';
import { h, onMounted, watch } from 'vue';
import './style.css';
import { rememberTabs, showRememberedTab } from './tabs.ts';

/** A link to the page as it is in the repository. With a target, a browser opens it instead of looking for a page of the site. */
function AsMarkdown() {
  const { frontmatter } = useData();
  const path: unknown = frontmatter.value['markdown'];
  if (typeof path !== 'string') return null;
  return h('a', { class: 'as-markdown', href: withBase(path), target: '_self' }, 'This page as Markdown');
}

export default {
  extends: Theme,
  Layout: () => h(Theme.Layout, null, { 'doc-footer-before': () => h(AsMarkdown) }),
  setup() {
    const route = useRoute();
    onMounted(() => {
      rememberTabs();
      showRememberedTab();
    });
    watch(
      () => route.path,
      () => showRememberedTab(),
      { flush: 'post' },
    );
  },
};
