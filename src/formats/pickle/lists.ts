/**
 * What a global may be. The allow-list is what torch's weights-only loader, the WebUI's own unpickler and pickles of plain
 * values need (lora-files.md §1.2); everything else is a finding. The deny-list only sharpens the word for it.
 */
export type Rank = 'safe' | 'unknown' | 'dangerous';

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

const SAFE = new Map<string, ReadonlySet<string>>();
function allow(modules: string, names: string): void {
  for (const module of words(modules)) SAFE.set(module, new Set([...(SAFE.get(module) ?? []), ...words(names)]));
}

const KINDS =
  'Float Double Half BFloat16 Long Int Short Char Byte Bool ComplexFloat ComplexDouble QInt8 QInt32 QUInt8 QUInt4x2 QUInt2x4';
const DTYPES =
  'float16 float32 float64 bfloat16 half float double int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex32 complex64 complex128 ' +
  'qint8 qint32 quint8 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu';

allow('collections', 'OrderedDict defaultdict Counter deque');
allow(
  'torch',
  words(KINDS)
    .map((kind) => `${kind}Storage ${kind}Tensor`)
    .join(' '),
);
allow(
  'torch.cuda',
  words(KINDS)
    .map((kind) => `${kind}Storage ${kind}Tensor`)
    .join(' '),
);
allow('torch', `Size device Tensor strided sparse_coo sparse_csr ${DTYPES}`);
allow(
  'torch._utils',
  '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor',
);
allow(
  'torch._utils',
  '_rebuild_sparse_tensor _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_device_tensor_from_numpy',
);
allow('torch._tensor', '_rebuild_from_type_v2');
allow('torch.nn.parameter', 'Parameter Buffer');
allow('torch.storage', 'TypedStorage UntypedStorage _TypedStorage _UntypedStorage');
allow('torch.serialization', '_get_layout');
allow('numpy.core.multiarray numpy._core.multiarray', '_reconstruct scalar');
allow('numpy.core.numeric numpy._core.numeric', '_frombuffer');
allow('numpy', 'dtype ndarray');
allow(
  'numpy.dtypes',
  'Float16DType Float32DType Float64DType Int8DType Int16DType Int32DType Int64DType UInt8DType UInt16DType UInt32DType UInt64DType BoolDType',
);
allow('_codecs', 'encode');
allow(
  'builtins __builtin__',
  'set frozenset list dict tuple int float complex str bytes bytearray bool object slice range xrange long unicode',
);
allow('copyreg copy_reg', '_reconstructor __newobj__');
allow('datetime', 'datetime date time timedelta timezone');
allow('decimal', 'Decimal');
allow('fractions', 'Fraction');

/** Modules of which no name is harmless; so are their submodules. */
const DANGEROUS_MODULES = new Set(
  words(`os posix nt sys subprocess socket ssl shutil runpy pickle _pickle cPickle dill cloudpickle joblib pdb bdb pty timeit asyncio aiohttp
    webbrowser ctypes _ctypes pip pydoc profile cProfile _lsprof venv test numpy.f2py urllib httplib http requests idlelib trace lib2to3 code codeop
    doctest ensurepip distutils setuptools importlib imp pkgutil commands popen2 multiprocessing concurrent threading _thread signal platform
    tempfile glob io _io uuid imaplib smtplib ftplib poplib nntplib telnetlib xmlrpc socketserver _pyrepl _osx_support _aix_support inspect ast
    marshal zipimport zipapp compileall py_compile linecache logging shelve site sysconfig functools operator _operator itertools types gc atexit
    cmd getpass readline rlcompleter torch.hub torch.jit torch._dynamo torch._inductor torch.fx torch.utils torch.package torch.distributed
    torch.multiprocessing torch.testing torch.cpp_extension torch.fx.experimental numpy.testing numpy.distutils numpy.ctypeslib builtins __builtin__`),
);
/** Single names in modules that also hold harmless ones. */
const DANGEROUS_NAMES = new Set([
  'torch.load',
  'torch.serialization.load',
  'torch.storage._load_from_bytes',
  'torch.from_file',
  'torch.classes',
  'torch.ops',
  'torch.compile',
  'numpy.load',
  'numpy.fromfile',
  'numpy.memmap',
  'pandas.eval',
  'pandas.read_pickle',
  'sympy.sympify',
  'codecs.open',
  '_codecs.decode',
]);

/** Judges a global by name alone. A dotted attribute walks through modules, so it is never harmless. */
export function rankOf(module: string, name: string): Rank {
  if (SAFE.get(module)?.has(name)) return 'safe';
  if (name.includes('.') || DANGEROUS_NAMES.has(`${module}.${name}`)) return 'dangerous';
  for (let prefix = module; prefix !== ''; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf('.'), 0))) {
    if (DANGEROUS_MODULES.has(prefix)) return 'dangerous';
  }
  return 'unknown';
}
