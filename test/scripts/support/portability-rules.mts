// What a stock macOS lacks: it has bash 3.2 and BSD tools. Each rule comes with an example that it has to find and one
// that it has to leave alone.

export interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  readonly instead: string;
  readonly bad: string;
  readonly good: string;
}

const bash = (what: string, pattern: RegExp, instead: string, bad: string, good: string): Rule => ({
  ...{ what: `${what} needs a newer bash than 3.2`, pattern, instead },
  ...{ bad, good },
});

const gnu = (what: string, pattern: RegExp, instead: string, bad: string, good: string): Rule => ({
  ...{ what: `${what} is not on a stock macOS`, pattern, instead },
  ...{ bad, good },
});

const NEWER_BASH: readonly Rule[] = [
  bash("mapfile", /\b(mapfile|readarray)\b/, "while IFS= read -r line", "mapfile -t a <f", "read -r -a a"),
  bash(
    "this kind of variable",
    /\b(declare|local|typeset)\s+-[a-zA-Z]*[AgnluI]/,
    "a plain variable or a case",
    "declare -A map",
    "local -r a=1",
  ),
  bash("changing case", /\$\{\w+(\[[^\]]*\])?[\^,]/, "tr '[:upper:]' '[:lower:]'", '"${x,,}"', '"${x:-a,b}"'),
  bash("|&", /\|&/, "2>&1 |", "a |& b", "a 2>&1 | b"),
  bash("&>>", /&>>/, ">>file 2>&1", "a &>>log", "a >>log 2>&1"),
  bash("falling through a case", /;;?&/, "an alternative in the pattern", "a) b ;;&", "a | b) c ;;"),
  bash("case inside $(…)", /\$\([^)]*\bcase\s.*\sin\b/, "a function", "x=$(case $y in a) b ;; esac)", "case $(f) in"),
  bash("wait -n", /\bwait\s+-[a-zA-Z]*n/, "wait for each process id", "wait -n", 'wait "$pid"'),
  bash("coproc", /\bcoproc\b/, "a named pipe", "coproc cat", "cat &"),
  bash("${x@…}", /\$\{\w+(\[[@*]\])?@[A-Za-z]\}/, "printf %q", '"${x@Q}"', '${x[@]+"${x[@]}"}'),
  bash("-v NAME", /(\[\[?|\btest)\s+(!\s+)?-v\s/, '[ -n "${NAME+set}" ]', "[[ -v x ]]", "command -v x"),
  bash("%(…)T", /%\([^)]*\)T/, "date", "printf '%(%s)T'", "printf '%s' \"$(date)\""),
  bash(
    "this variable",
    /\$\{?(EPOCHREALTIME|EPOCHSECONDS|BASHPID|SRANDOM)\b(?![:-])/,
    "a fallback: ${EPOCHREALTIME-}",
    "$EPOCHSECONDS",
    "${EPOCHREALTIME-}",
  ),
  bash("an index from the end", /\$\{\w+\[-\d/, "${a[${#a[@]}-1]}", '"${a[-1]}"', '"${a[0]}"'),
  bash("a file descriptor by name", /\{\w+\}[<>]/, "a number: exec 3>", "exec {log}>file", "exec 3>file"),
  bash("waiting for parts of a second", /\bread\b[^|;&]*-t\s*\d*\.\d/, "whole seconds", "read -t 0.5 x", "read -t 1 x"),
  bash(
    "this shell option",
    /shopt -s\s.*(globstar|lastpipe|inherit_errexit)/,
    "find",
    "shopt -s globstar",
    "shopt -s nullglob",
  ),
  bash(
    "an array that may be empty",
    /(?<!\[@\]\+)"\$\{\w+\[@\]\}"/,
    '${a[@]+"${a[@]}"}, or say above: # never empty: a',
    'f "${a[@]}"',
    'f ${a[@]+"${a[@]}"}',
  ),
];

const GNU_TOOLS: readonly Rule[] = [
  gnu("grep -P", /\bgrep\s+(-\w+\s+)*-\w*P/, "grep -E or sed", "grep -oP x", "grep -Eo x"),
  gnu("sed -i", /\bsed\s+(-\w+\s+)*(-\w*i|--in-place)/, "a new file and mv", "sed -i s/a/b/ f", "sed -n s/i/b/p f"),
  gnu("sed -r", /\bsed\s+(-\w+\s+)*-\w*r/, "sed -E", "sed -r s/a+/b/", "sed -E s/r/b/"),
  gnu(
    "\\+, \\? or \\| in a plain sed pattern",
    /\bsed\s+(?!-\w*E)[^|]*\\[+?|]/,
    "sed -E",
    "sed 's/a\\+/b/'",
    "sed -E 's/a\\+/b/'",
  ),
  gnu("readlink -f", /\breadlink\s+-\w*[fem]|\brealpath\b/, "cd -P and pwd", "readlink -f a", "readlink a"),
  gnu("date with %N or -d", /\bdate\s+[^|;)]*(%\d*N|-d\b|--date|-I)/, "node, or seconds", "date +%s%N", "date +%s"),
  gnu(
    "stat -c",
    /\bstat\s+(-\w+\s+)*(-\w*c|--format|--printf)/,
    "test, wc or node",
    "stat -c %a f",
    "stat -f %p f # macOS",
  ),
  gnu("xargs -r or -d", /\bxargs\s+(-\w+\s+)*-\w*[rd]/, "a loop, or tr and xargs -0", "xargs -r rm", "xargs -0 rm"),
  gnu("find -printf", /\bfind\s.*-(printf|regextype)\b/, "find -exec", "find . -printf %p", "find . -print"),
  gnu("sort -V", /\bsort\s+(-\w+\s+)*-\w*[VhR]/, "sort -t. -k1,1n -k2,2n", "sort -V", "sort -u"),
  gnu("head -n -1", /\bhead\s+(-n\s*-|-c\s*-)\d/, "sed '$d'", "head -n -1", "head -n 1"),
  gnu("base64 -w", /\bbase64\s+-\w*w/, "base64 | tr -d '\\n'", "base64 -w0", "base64"),
  gnu("mktemp -p", /\bmktemp\s+(-\w+\s+)*(-\w*p|--)/, 'mktemp "$dir/XXXXXX"', "mktemp -p /x", "mktemp -d"),
  gnu("cp or mv -t", /\b(cp|mv|ln)\s+(-\w+\s+)*(-\w*t\b|--\w)/, "the folder last", "mv -t d f", "mv f d"),
  gnu("ln -r", /\bln\s+(-\w+\s+)*-\w*r/, "a path that is relative already", "ln -sr a b", "ln -sn a b"),
  gnu("sleep infinity", /\bsleep\s+inf/, "wait, or a loop", "sleep infinity", "sleep 0.2"),
  gnu("hostname -I", /\bhostname\s+-[iI]/, "docker or node", "hostname -I", "hostname"),
  gnu("a string compared with wc's spaces", /wc -\w\)"?\s*!?==?/, "-eq", '[ "$(wc -l)" = 1 ]', '[ "$(wc -l)" -eq 1 ]'),
  gnu(
    "this command",
    /(?<!command -v |\w|-|\/|\.)(timeout|setsid|nproc|tac|shuf|flock|ip|ss)\s+[-\w"$]/,
    "a guard, and a comment: # Linux",
    "timeout 5 a",
    "command -v timeout >/dev/null",
  ),
  gnu(
    "/proc",
    /\/proc\//,
    "ps, and a comment where it is Linux: # Linux",
    "cat /proc/1/comm",
    "cat /proc/1/comm # Linux",
  ),
];

export const RULES: readonly Rule[] = [...NEWER_BASH, ...GNU_TOOLS];

export interface Found {
  readonly line: number;
  readonly rule: Rule;
}

/**
 * Two kinds of comments count: `# Linux…` at a line's end says that the line runs there only, and `# never empty: a b`
 * anywhere names arrays.
 */
export function findIn(text: string): Found[] {
  const filled = (/# never empty: (.*)/.exec(text)?.[1] ?? "").split(" ").filter(Boolean);
  const withoutFilled = (line: string): string =>
    filled.reduce((rest, name) => rest.replaceAll(`"\${${name}[@]}"`, name), line);
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*#/.test(line) || /\s# (Linux|macOS)/.test(line)) return [];
    return RULES.filter(({ pattern }) => pattern.test(withoutFilled(line))).map((rule) => ({ line: index + 1, rule }));
  });
}
