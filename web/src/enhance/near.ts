/** What a page holds further down is made once somebody comes near it. */

/** Resolves when `element` is less than half a screen away. */
export function near(element: Element): Promise<void> {
  return new Promise((done) => {
    const watch = new IntersectionObserver(
      (seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        done();
      },
      { rootMargin: "50% 0px" },
    );
    watch.observe(element);
  });
}
