target_compile_definitions(thimble_api PUBLIC THIMBLE_VERSION="${PROJECT_VERSION}")
