# Writes a C++ file that returns the bytes of FILE (see thimble_embed_bytes in rooms.cmake).
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace ${NAMESPACE} {\n\n"
  "std::string_view ${FUNCTION}() {\n  static const unsigned char bytes[] = {${bytes}};\n"
  "  return {reinterpret_cast<const char *>(bytes), sizeof bytes};\n}\n\n}  // namespace ${NAMESPACE}\n")
