# Rooms behind this one link libtorch without seeing it; who includes module.h links thimble_torch.
target_link_libraries(thimble_recipes PRIVATE thimble_torch)
thimble_precompile_torch(thimble_recipes)
file(GLOB networks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/mnist/*.thm)
thimble_embed(thimble_recipes thimble::recipes shipped_networks ${networks})
