"""The interface. (The page on how it is put together follows below.)"""
