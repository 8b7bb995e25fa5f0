"""Other people's files, brought to series with stamps in UTC."""
