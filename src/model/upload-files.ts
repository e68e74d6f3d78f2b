/** Which files can go into a course, and how one is known again after the browser was closed. */

/** A file somebody chose: `path` is its place in the folder it was in; a handle survives the browser. */
export interface IPicked {
  file: File;
  path: string | null;
  handle?: FileSystemFileHandle | null;
}

/** Suffixes the hub opens, by kind; it has the last word, this keeps at home what is plainly something else. */
const SUFFIXES: Record<string, string> = {
  video: '.mp4 .m4v .mov .webm .mkv .avi .ogv .3gp .3g2 .mpg .mpeg .ts .wmv .flv',
  audio:
    '.mp3 .m4a .aac .ogg .oga .opus .flac .wav .wma .aif .aiff .m4b .ac3 .spx .wv .ape .tta ' +
    '.dsf .dff .mpc .tak .ofr .ofs .id3 .oggtheora .apev2',
  captions: '.vtt .srt .ttml .dfxp .ass .ssa .sbv',
  document: '.md .markdown .txt .pdf .docx .pptx .html .htm',
  notebook: '.ipynb'
};
const KIND_BY_SUFFIX = new Map(
  Object.entries(SUFFIXES).flatMap(([kind, row]) => row.split(' ').map(suffix => [suffix, kind] as const))
);

/** What a file dialog offers first. */
export const ACCEPTED = [...KIND_BY_SUFFIX.keys()].join(',');

/** Files that systems and programs leave behind; nobody means them. */
const LITTER = /^(\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

export const isLitter = (name: string): boolean => LITTER.test(name);

/** Documents of other programs: the hub refuses them, but knows what to save them as. */
const SAID_BY_THE_HUB = new Set('.doc .dot .rtf .odt .pages .ppt .pps .odp .key .epub .mhtml'.split(' '));

const suffixOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
};

/** `video`, `audio`, `captions`, `document`, `notebook`, by the suffix; null for what no course can hold. */
export function kindOf(name: string): string | null {
  return KIND_BY_SUFFIX.get(suffixOf(name)) ?? null;
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The files that can be sent, in the order of their paths, and the names of the others. */
export function sorted(picked: IPicked[]): { files: IPicked[]; left: string[] } {
  const place = ({ file, path }: IPicked) => path ?? file.name;
  const wanted = picked.filter(({ file }) => !isLitter(file.name));
  const goes = ({ file }: IPicked) => kindOf(file.name) !== null || SAID_BY_THE_HUB.has(suffixOf(file.name));
  const files = wanted.filter(goes);
  files.sort((a, b) => order.compare(place(a), place(b)));
  return { files, left: wanted.filter(one => !goes(one)).map(place) };
}

/** What tells a file from others without reading it. */
export interface ILooks {
  name: string;
  path: string | null;
  size: number;
  mtime: number;
}

export const looks = ({ file, path }: IPicked): ILooks => ({
  name: file.name,
  path,
  size: file.size,
  mtime: file.lastModified
});

/** One file of one course, the same after a restart; `course` is its id. */
export const fingerprint = (course: string, { name, path, size, mtime }: ILooks): string =>
  [course, path ?? name, size, mtime].join('|');
