/** Part of `pg` that its types leave out. */
declare module "pg/lib/utils.js" {
  const utils: {
    /** The value as a parameter of a statement; arrays as PostgreSQL's array literals. */
    prepareValue: (value: unknown) => string | Buffer | null;
  };
  export default utils;
}
