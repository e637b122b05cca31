/** Once a second, from a moment on that differs from tile to tile, so that many do not work in the same task. */
export function everySecond(work: () => void, random: () => number = Math.random): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const first = setTimeout(
    () => {
      timer = setInterval(work, 1_000);
      work();
    },
    100 + random() * 900,
  );
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
