// Loaded in front of a Pulumi program (NODE_OPTIONS --require) where its types are not to be checked: compiles each
// TypeScript file once and keeps the result by its content, instead of loading the compiler for every preview. Never
// stale, because the name of a result is a hash of all that went into it. docs/decisions/0007 has the measurements.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const PROGRAM = process.cwd();
const TSCONFIG = path.join(PROGRAM, process.env.PULUMI_NODEJS_TSCONFIG_PATH ?? "tsconfig.json");

function readIfThere(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The SDK's own loader stays in charge of modules of the other kind, and of configurations in several files. */
function isOurs(tsconfig) {
  const { NODE_COMPILE_CACHE: cache, PULUMI_NODEJS_TRANSPILE_ONLY, PULUMI_NODEJS_TYPESCRIPT } = process.env;
  if (!cache || PULUMI_NODEJS_TRANSPILE_ONLY !== "true" || PULUMI_NODEJS_TYPESCRIPT !== "true") return false;
  const description = readIfThere(path.join(PROGRAM, "package.json"));
  return !/"type"\s*:\s*"module"/.test(description) && !/"extends"|"references"/.test(tsconfig);
}

function compilerOf(program) {
  const resolve = Module.createRequire(path.join(program, "index.js")).resolve;
  return { file: resolve("typescript"), version: JSON.parse(readIfThere(resolve("typescript/package.json"))).version };
}

function compile(compiler, tsconfig, file, source) {
  const ts = require(compiler.file);
  const parsed = ts.parseConfigFileTextToJson(TSCONFIG, tsconfig || "{}").config?.compilerOptions ?? {};
  const { options } = ts.convertCompilerOptionsFromJson(parsed, PROGRAM);
  const compilerOptions = { esModuleInterop: true, target: ts.ScriptTarget.ES2020, ...options };
  Object.assign(compilerOptions, { module: ts.ModuleKind.CommonJS, noEmit: false, sourceMap: false });
  delete compilerOptions.moduleResolution;
  const result = ts.transpileModule(source, { compilerOptions, fileName: file, reportDiagnostics: true });
  if (result.diagnostics?.length) {
    const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => PROGRAM, getNewLine: () => "\n" };
    throw new SyntaxError(ts.formatDiagnostics(result.diagnostics, host).trim());
  }
  return result.outputText;
}

function keep(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}`, content);
  fs.renameSync(`${file}.${process.pid}`, file);
}

const tsconfig = readIfThere(TSCONFIG);
if (isOurs(tsconfig)) {
  const compiler = compilerOf(PROGRAM);
  const folder = path.join(process.env.NODE_COMPILE_CACHE, "typescript");
  Module._extensions[".ts"] = (module, file) => {
    const source = fs.readFileSync(file, "utf8");
    const key = createHash("sha256")
      .update(JSON.stringify([compiler.version, tsconfig, file, source]))
      .digest("hex");
    const kept = path.join(folder, `${key}.js`);
    let code = readIfThere(kept);
    if (!code) {
      code = compile(compiler, tsconfig, file, source);
      keep(kept, code);
    }
    module._compile(code, file);
  };
  process.env.PULUMI_NODEJS_TYPESCRIPT = "false"; // the SDK would load the compiler and take the extension over
}
